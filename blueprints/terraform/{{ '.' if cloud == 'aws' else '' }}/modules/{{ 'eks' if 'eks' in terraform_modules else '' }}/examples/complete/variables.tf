variable "name" {
  description = "Name of the example."
  type        = string
  default     = "eks-complete"
}

variable "region" {
  description = "AWS region to work in."
  type        = string
  default     = "eu-west-1"
}

variable "subnet_ids" {
  description = "IDs of private subnets in at least two zones."
  type        = list(string)
}

variable "kms_key_arn" {
  description = "ARN of an existing KMS key that CloudWatch Logs and EC2 Auto Scaling may use."
  type        = string
}

variable "admin_role_arn" {
  description = "ARN of the IAM role that administers the cluster."
  type        = string
}

variable "zone_id" {
  description = "ID of the Route 53 zone that external-dns keeps."
  type        = string
}
