variable "name" {
  description = "Name of the example."
  type        = string
  default     = "kms-complete"
}

variable "region" {
  description = "AWS region to work in."
  type        = string
  default     = "eu-west-1"
}
