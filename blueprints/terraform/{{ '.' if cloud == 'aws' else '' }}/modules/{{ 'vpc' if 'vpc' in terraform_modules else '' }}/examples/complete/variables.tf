variable "name" {
  description = "Name of the example."
  type        = string
  default     = "vpc-complete"
}

variable "region" {
  description = "AWS region to work in."
  type        = string
  default     = "eu-west-1"
}

variable "kms_key_arn" {
  description = "ARN of an existing KMS key that CloudWatch Logs may use."
  type        = string
}
