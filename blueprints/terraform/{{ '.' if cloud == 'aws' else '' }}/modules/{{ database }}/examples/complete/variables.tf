variable "name" {
  description = "Name of the example."
  type        = string
  default     = "postgresql-complete"
}

variable "region" {
  description = "AWS region to work in."
  type        = string
  default     = "eu-west-1"
}

variable "vpc_id" {
  description = "ID of an existing VPC."
  type        = string
}

variable "subnet_ids" {
  description = "IDs of subnets of the VPC in at least two zones."
  type        = list(string)
}

variable "kms_key_arn" {
  description = "ARN of an existing KMS key."
  type        = string
}

variable "client_security_group_id" {
  description = "ID of the security group of the application."
  type        = string
}
